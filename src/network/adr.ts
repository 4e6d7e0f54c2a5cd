export interface AdrSample {
  readonly fCnt: number;
  readonly maxSnrDb: number;
  readonly txPower: number;
  readonly gateways: number;
}
export const adrHistoryLength = 20;
export const adrTarget = (i: {
  history: readonly AdrSample[];
  dataRate: number;
  txPower: number;
  nbTrans: number;
  requiredSnrDb: number;
  marginDb: number;
  maxDr: number;
  maxTxPower: number;
}): { dataRate: number; txPower: number; nbTrans: number } => ({
  dataRate: i.dataRate,
  txPower: i.txPower,
  nbTrans: i.nbTrans,
});
