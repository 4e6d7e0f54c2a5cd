// Dice by name: a draw is a hash of (key, how many draws before), so nothing depends on order, threads or neighbours.

/** A source of chance; `next()` is a number in [0, 1). */
export interface Dice {
  next(): number;
}

/** A dice's identity: 64 bits from seed and name. */
export interface DiceKey {
  readonly hi: number;
  readonly lo: number;
}

const mix = (x: number): number => {
  x = Math.imul(x ^ (x >>> 16), 0x21f0aaad);
  x = Math.imul(x ^ (x >>> 15), 0x735a2d97);
  return (x ^ (x >>> 15)) >>> 0;
};

/** The key of the dice called `name` under a seed: the same two, the same dice. */
export const diceKey = (seed: string, name: string): DiceKey => {
  let hi = 0x811c9dc5;
  let lo = 0x9e3779b9;
  const text = `${seed}\u0000${name}`;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    hi = Math.imul(hi ^ unit, 0x01000193);
    lo = mix(lo ^ unit ^ i);
  }
  return { hi: mix(hi ^ lo), lo: mix(lo + text.length) };
};

/** Draw number `n` of a dice: 32 random bits as an unsigned number. */
export const draw = (hi: number, lo: number, n: number): number => mix(mix((lo + Math.imul(n, 0x9e3779b9)) | 0) ^ hi);

/** A dice that counts its own draws. */
export const dice = (seed: string, name: string): Dice => {
  const { hi, lo } = diceKey(seed, name);
  let n = 0;
  return { next: () => draw(hi, lo, n++) / 0x1_0000_0000 };
};

/** Exponentially distributed with the given mean, never infinite. */
export const exponential = (d: Dice, mean: number): number => -Math.log(1 - d.next()) * mean;

/** Normally distributed (Box and Muller, one of the pair). */
export const normal = (d: Dice, mean: number, deviation: number): number => {
  const radius = Math.sqrt(-2 * Math.log(1 - d.next()));
  return mean + deviation * radius * Math.cos(2 * Math.PI * d.next());
};

/** Lognormal by its median and the deviation of its logarithm. */
export const lognormal = (d: Dice, median: number, sigma: number): number => median * Math.exp(normal(d, 0, sigma));

/** Weibull by its scale and shape (by inversion). */
export const weibull = (d: Dice, scale: number, shape: number): number =>
  scale * (-Math.log(1 - d.next())) ** (1 / shape);

/** Gamma by its scale and shape (Marsaglia and Tsang 2000). */
export const gamma = (d: Dice, scale: number, shape: number): number => {
  // Below one: a larger shape, made smaller by a power of a uniform deviate (the same paper, section 6).
  if (shape < 1) return gamma(d, scale, shape + 1) * (1 - d.next()) ** (1 / shape);
  const third = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * third);
  for (;;) {
    const x = normal(d, 0, 1);
    const v = (1 + c * x) ** 3;
    if (v > 0 && Math.log(1 - d.next()) < 0.5 * x * x + third - third * v + third * Math.log(v))
      return third * v * scale;
  }
};

/** A whole number from `least` to `most`, both possible. */
export const whole = (d: Dice, least: number, most: number): number =>
  least + Math.floor(d.next() * (most - least + 1));

/** One of a list that is not empty. */
export const pick = <T>(d: Dice, list: readonly T[]): T => list[Math.floor(d.next() * list.length)]!;
