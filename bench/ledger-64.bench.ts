import { ledgerBench } from './records.js';

export default ledgerBench('ledger-64', 64, 1);
