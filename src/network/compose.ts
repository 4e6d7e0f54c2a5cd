import { sealData } from '../lorawan/frame.js';
import type { DownlinkCommand } from '../lorawan/mac-command.js';
import { commandBytes, writeCommands } from '../lorawan/mac-commands.js';
import type { QueuedDownlink } from './queue.js';
import type { Session } from './session.js';

/** What a downlink is to say. */
export interface Wish {
  readonly ack: boolean;
  readonly adr: boolean;
  /** In the order of their importance: what does not fit stays out. */
  readonly commands: readonly DownlinkCommand[];
  readonly item: QueuedDownlink | undefined;
  /** More waits behind `item`. */
  readonly more: boolean;
  /** Bytes for FOpts and payload together (N of RP002), by the better of the frame's windows. */
  readonly room: number;
}

/** A downlink, sealed under the session's next counter. */
export interface Composed {
  readonly phy: Uint8Array;
  readonly fCnt: number;
  readonly fPort: number | undefined;
  readonly commands: readonly DownlinkCommand[];
  readonly item: QueuedDownlink | undefined;
  /** Bytes of FOpts and payload: which windows it fits into. */
  readonly bytes: number;
}

const mostFOpts = 15;

/** As many of the commands, from the first on, as fit into so many bytes. */
const fitting = (commands: readonly DownlinkCommand[], room: number): readonly DownlinkCommand[] => {
  let left = room;
  const taken: DownlinkCommand[] = [];
  for (const command of commands) {
    left -= commandBytes(command);
    if (left < 0) break;
    taken.push(command);
  }
  return taken;
};

/**
 * Seals what fits into one frame; undefined when the session's counter is used up. Commands go into FOpts beside a
 * payload; more than 15 bytes of them travel alone on port 0, and the payload waits, announced by FPending.
 */
export const compose = (session: Session, wish: Wish): Composed | undefined => {
  if (session.nextFCntDown > 0xffff_ffff) return undefined;
  const { room } = wish;
  const all = wish.commands.reduce((sum, command) => sum + commandBytes(command), 0);
  const alone = all > mostFOpts && room > mostFOpts;
  const commands = fitting(wish.commands, alone ? room : Math.min(room, mostFOpts));
  const used = commands.reduce((sum, command) => sum + commandBytes(command), 0);
  const item = !alone && wish.item && wish.item.payload.length + used <= room ? wish.item : undefined;
  const written = writeCommands(commands);
  const body = alone ? { fPort: 0, payload: written } : item ? { fPort: item.fPort, payload: item.payload } : {};
  const fCnt = session.nextFCntDown++;
  const phy = sealData({
    uplink: false,
    confirmed: item?.confirmed ?? false,
    devAddr: session.devAddr,
    adr: wish.adr,
    ack: wish.ack,
    fPending: wish.item !== undefined && (wish.more || item === undefined),
    fCnt,
    ...(!alone && written.length > 0 && { fOpts: written }),
    ...body,
    nwkSKey: session.nwkSKey,
    appSKey: session.appSKey,
  });
  return { phy, fCnt, fPort: body.fPort, commands, item, bytes: used + (item?.payload.length ?? 0) };
};
