throw new Error('no native accelerator: cbor-x falls back to plain JavaScript');
