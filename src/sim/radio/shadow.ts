import { draw, type DiceKey } from '../../base/dice.js';

/**
 * What houses and trees take on the way from a place to a gateway, as a field over the plane: mean 0, deviation 1, nearly
 * the same at places that are nearer to each other than `correlationM`, and independent from there on. A function of the
 * gateway's dice and the place alone. Noise on a lattice, interpolated so that the deviation is the same everywhere (ns-3
 * lorawan interpolates its grid likewise, with 110 m).
 */
export const shadowAt = (
  gateway: DiceKey,
  at: { readonly x: number; readonly y: number },
  correlationM: number,
): number => {
  const column = Math.floor(at.x / correlationM);
  const line = Math.floor(at.y / correlationM);
  const east = at.x / correlationM - column;
  const north = at.y / correlationM - line;
  const [sw, se, nw, ne] = [(1 - east) * (1 - north), east * (1 - north), (1 - east) * north, east * north];
  const sum =
    sw * node(gateway, column, line) +
    se * node(gateway, column + 1, line) +
    nw * node(gateway, column, line + 1) +
    ne * node(gateway, column + 1, line + 1);
  return sum / Math.sqrt(sw * sw + se * se + nw * nw + ne * ne);
};

/** Four dice of 16 bits: as good as normal within three deviations and some, and never beyond `mostDeviations`. */
const node = ({ hi, lo }: DiceKey, column: number, line: number): number => {
  const a = draw(hi ^ Math.imul(column, 0x9e3779b1), lo ^ Math.imul(line, 0x85ebca6b), 0);
  const b = draw(hi ^ Math.imul(column, 0x9e3779b1), lo ^ Math.imul(line, 0x85ebca6b), 1);
  return ((a >>> 16) + (a & 0xffff) + (b >>> 16) + (b & 0xffff) - 131_070) / 37_837;
};

/** No place lies farther from the mean than this: twice, between four nodes, what a node has at the most. */
export const mostDeviations = 2 * (131_070 / 37_837);
