import { ledgerBench } from './records.js';

export default ledgerBench('ledger', 1_000, 2);
