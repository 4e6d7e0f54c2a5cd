import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { must } from '../../src/base/problem.js';
import { qrLines, qrMatrix, qrSvg, type QrMatrix } from '../../src/report/qr.js';
import { havePeer, peerPath } from '../peers/peer.js';

const { matrices } = JSON.parse(readFileSync(new URL('../vectors/tr005.json', import.meta.url), 'utf8')) as {
  matrices: { codes: { text: string; rows: string[] }[] };
};
const [golden] = matrices.codes;
const text = golden!.text;
const rowsOf = (matrix: QrMatrix): readonly string[] =>
  matrix.map((row) => row.map((dark) => (dark ? '#' : '.')).join(''));

/** The modules that half blocks draw, two rows per line; `true` is drawn. */
const drawn = (lines: readonly string[]): QrMatrix =>
  lines.flatMap((line) => {
    const chars = [...line];
    return [chars.map((c) => c === '█' || c === '▀'), chars.map((c) => c === '█' || c === '▄')];
  });
/** The modules of an SVG path of horizontal runs. */
const painted = (svg: string, size: number): QrMatrix => {
  const rows = Array.from({ length: size }, () => Array.from({ length: size }, () => false));
  for (const [, x, y, width] of svg.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g))
    rows[Number(y)]!.fill(true, Number(x), Number(x) + Number(width));
  return rows;
};

describe('QR codes', () => {
  const matrix = must(qrMatrix(text));

  test('the matrix is what another implementation makes of the text', () =>
    expect(rowsOf(matrix)).toEqual(golden!.rows));

  test('a quiet zone of four modules on every side', () => {
    const turned = matrix.map((_, x) => matrix.map((row) => row[x]!));
    for (const side of [matrix, turned])
      for (const row of [...side.slice(0, 4), ...side.slice(-4)]) expect(row).not.toContain(true);
    expect(matrix[4]!.slice(4, 11)).toEqual(Array.from({ length: 7 }, () => true));
  });

  test('half blocks show every module: light ones without colour, dark ones in colour or on a light terminal', () => {
    const size = matrix.length;
    const light = drawn(qrLines(matrix, { colour: false })).slice(0, size);
    expect(light.map((row) => row.map((one) => !one))).toEqual(matrix);
    expect(drawn(qrLines(matrix, { colour: false, invert: true })).slice(0, size)).toEqual(matrix);
    const coloured = qrLines(matrix, { colour: true });
    expect(coloured[0]).toMatch(/^\u001b\[38;5;16;48;5;231m.*\u001b\[0m$/);
    expect(drawn(coloured.map((line) => line.replace(/\u001b\[[\d;]*m/g, ''))).slice(0, size)).toEqual(matrix);
  });

  test('the SVG paints every dark module; its title is text', () => {
    const svg = qrSvg(matrix, { title: '<a> & "b"' });
    expect(painted(svg, matrix.length)).toEqual(matrix);
    expect(svg).toContain('<title>&lt;a&gt; &amp; &quot;b&quot;</title>');
  });

  test('too long a text is a problem, no exception', () => {
    expect(qrMatrix('x'.repeat(3_000))).toMatchObject({ ok: false, problem: { code: 'qr-too-long' } });
    expect(qrMatrix('')).toMatchObject({ ok: true });
  });

  test.skipIf(!havePeer('zbarimg'))('zbarimg reads it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'stellwerk-qr-'));
    try {
      for (const wanted of [text, 'LW:D0:70B3D57ED0000001:FCD6BD00001936B1:00000000:CCAA6']) {
        const lines = drawn(qrLines(must(qrMatrix(wanted)), { colour: false }));
        const scale = 4;
        const width = lines[0]!.length * scale;
        const pixels = lines.flatMap((row) =>
          Array.from({ length: scale }, () =>
            row.flatMap((one) => Array.from({ length: scale }, () => (one ? 255 : 0))),
          ),
        );
        const file = join(folder, 'code.pgm');
        writeFileSync(
          file,
          Buffer.concat([Buffer.from(`P5 ${width} ${pixels.length} 255\n`), Buffer.from(pixels.flat())]),
        );
        const read = spawnSync(peerPath('zbarimg'), ['-q', '--raw', file], { encoding: 'utf8' });
        expect(read.stdout.trim()).toBe(wanted);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
