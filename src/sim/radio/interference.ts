// Whether a LoRa frame survives others on its frequency.

/** What one frame needs over another, in dB: rows wanted SF7 to SF12, columns interfering SF7 to SF12. */
type Matrix = readonly (readonly number[])[];

/** Croce et al. 2018, DOI 10.1109/LCOMM.2018.2797057, measured; the values of FLoRa and ELoRa. */
const croce: Matrix = [
  [1, -8, -9, -9, -9, -9],
  [-11, 1, -11, -12, -13, -13],
  [-15, -13, 1, -13, -14, -15],
  [-19, -18, -17, 1, -17, -18],
  [-22, -22, -21, -20, 1, -20],
  [-25, -25, -25, -24, -23, 1],
];

/** Goursaud and Gorce 2015, theoretical; the values of ns-3. */
const goursaud: Matrix = [
  [6, -16, -18, -19, -19, -20],
  [-24, 6, -20, -22, -22, -22],
  [-27, -27, 6, -23, -25, -25],
  [-30, -30, -30, 6, -26, -28],
  [-33, -33, -33, -33, 6, -29],
  [-36, -36, -36, -36, -36, 6],
];

/** ALOHA: any overlap with the same spreading factor destroys, and others are not noticed. */
const aloha: Matrix = croce.map((row, sf) => row.map((_, other) => (sf === other ? Infinity : -Infinity)));

export const interferenceModels = { croce, goursaud, aloha } as const;
export type InterferenceModel = keyof typeof interferenceModels;

const leastSf = 7;
const sfs = 6;
/** Rounding of logarithms must not decide. */
const epsilonDb = 1e-9;

/** Judges one frame at one gateway, then the next. */
export interface Judge {
  /** A frame is judged: its spreading factor, how loud it is, how long it lasts. */
  begin(sf: number, dbm: number, durationUs: number): void;
  /** Another one on its frequency, and for how long of it. */
  add(sf: number, dbm: number, overlapUs: number): void;
  /** The spreading factor that destroys it, the lowest of them; 0 when it survives. */
  verdict(): number;
  /** The least that a frame must be louder than another, whatever their spreading factors; Infinity where loudness does not help. */
  readonly mostNeededDb: number;
}

/**
 * Energy of the interfering frames, averaged over the wanted one, spreading factors judged one by one:
 * `10 log10(P T / sum(Pi * overlap))` (ns-3 lorawan, ELoRa). A frame of another spreading factor may be just as loud as the
 * matrix says; one of the same must be weaker than that, as in ns-3's test suite.
 */
export const judge = (model: InterferenceModel): Judge => {
  const matrix = interferenceModels[model];
  const energies = new Float64Array(sfs);
  let needed: readonly number[] = matrix[0]!;
  let own = 0;
  let energy = 0;
  return {
    begin(sf, dbm, durationUs) {
      energies.fill(0);
      // SF5 and SF6 are in no matrix: they are judged as their neighbour.
      own = Math.max(0, sf - leastSf);
      needed = matrix[own]!;
      energy = milliwatts(dbm) * durationUs;
    },
    add(sf, dbm, overlapUs) {
      energies[Math.max(0, sf - leastSf)]! += milliwatts(dbm) * overlapUs;
    },
    verdict() {
      for (let other = 0; other < sfs; other++) {
        const theirs = energies[other]!;
        if (theirs === 0 || needed[other] === -Infinity) continue;
        const overDb = 10 * Math.log10(energy / theirs);
        if (other === own ? overDb <= needed[other]! + epsilonDb : overDb < needed[other]! - epsilonDb)
          return other + leastSf;
      }
      return 0;
    },
    mostNeededDb: Math.max(...matrix.flat()),
  };
};

const milliwatts = (dbm: number): number => Math.exp(dbm * (Math.LN10 / 10));

/** How long two frames are on the air together. */
export const overlapUs = (
  a: { readonly startUs: number; readonly endUs: number },
  b: { readonly startUs: number; readonly endUs: number },
): number => Math.max(0, Math.min(a.endUs, b.endUs) - Math.max(a.startUs, b.startUs));
