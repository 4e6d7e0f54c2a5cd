import { z } from 'zod';

/** How the embedded network treats its devices and the air. */
export const networkSchema = z.strictObject({
  rx1DelayS: z.int().min(1).max(15).default(1).describe('RECEIVE_DELAY1: seconds from an uplink to its first window'),
  rx1DrOffset: z.int().min(0).max(5).default(0).describe('How much slower the first window is than the uplink'),
  rx2DataRate: z
    .int()
    .min(0)
    .max(5)
    .default(0)
    .describe('Data rate of the second window; 3 is what The Things Stack uses'),
  adr: z.boolean().default(true).describe('Sets data rate and power of devices that ask for it (ADR)'),
  adrMarginDb: z
    .number()
    .min(0)
    .max(30)
    .default(10)
    .describe('dB kept in hand by ADR; a car over a ground sensor takes 10 to 15'),
  adrMaxDataRate: z.int().min(0).max(5).default(5).describe('The fastest data rate that ADR goes to'),
  dutyCycle: z
    .enum(['enforce', 'ignore'])
    .default('enforce')
    .describe("enforce keeps each gateway's transmitter within its sliding hour (ETSI EN 300 220)"),
  reserve: z
    .number()
    .min(0)
    .max(0.9)
    .default(0.3)
    .describe("Share of each gateway's hour that only joins and acknowledgements may use"),
  confirmedTries: z
    .int()
    .min(1)
    .max(15)
    .default(4)
    .describe('Transmissions of a confirmed downlink before it has failed'),
  statusEveryH: z
    .number()
    .min(0)
    .max(720)
    .default(24)
    .describe('Hours between two questions for battery and margin; 0 never asks'),
});
export type NetworkConfig = z.infer<typeof networkSchema>;
