/**
 * The protocol of Semtech's UDP packet forwarder, both directions.
 * Source: Lora-net/sx1302_hal packet_forwarder/PROTOCOL.md v1.6 and lora_pkt_fwd.c; Lora-net/packet_forwarder v4.0.1.
 */
export * from './datagram.js';
export * from './peers.js';
export * from './rxpk.js';
export * from './stat.js';
export * from './tx-ack.js';
export * from './txpk.js';
