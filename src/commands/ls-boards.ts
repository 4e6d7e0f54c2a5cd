import { describe } from '../base/problem.js';
import type { Catalogue } from '../catalogue.js';
import type { Board } from '../console/board.js';
import type { List, Listed } from './ls.js';

const usbText = ({ usb }: Board): string =>
  [...new Set(usb.map((entry) => ('bridge' in entry ? entry.bridge : `${entry.vid}:${entry.pid}`)))].join(', ') || '-';

/** Boards with what their USB plug shows, their console and their bootloaders. */
export const boardList = async (catalogue: Catalogue): Promise<List> => {
  const all = await catalogue.all('boards');
  const rows = all.flatMap(({ entry }): Listed[] => {
    if (!entry.ok) return [];
    const board = entry.value;
    const names = [`${board.maker} ${board.name}`, board.chip, usbText(board)];
    const cells = [board.id, ...names, board.console ?? '-', board.bootloaders.join(', ') || '-'];
    return [{ cells, json: { ...board } }];
  });
  const bad = all.flatMap(({ entry }) => (entry.ok ? [] : [describe(entry.problem)]));
  return { head: ['id', 'board', 'chip', 'USB', 'console', 'bootloaders'], rows, bad };
};

/** USB-UART chips, with the consoles that are often behind them. */
export const bridgeList = async (catalogue: Catalogue): Promise<List> => {
  const all = await catalogue.all('bridges');
  const rows = all.flatMap(({ entry }): Listed[] => {
    if (!entry.ok) return [];
    const bridge = entry.value;
    const usb = bridge.usb.map(({ vid, pid }) => `${vid}:${pid}`).join(', ');
    const cells = [bridge.id, `${bridge.maker} ${bridge.chip}`, usb, bridge.consoles.join(', ') || '-'];
    return [{ cells, json: { ...bridge } }];
  });
  const bad = all.flatMap(({ entry }) => (entry.ok ? [] : [describe(entry.problem)]));
  return { head: ['id', 'chip', 'USB', 'consoles often behind it'], rows, bad };
};
