import { defineBoard } from '../../src/console/board.js';

export default defineBoard({
  id: 'semtech-picogw',
  maker: 'Semtech',
  name: 'PicoGW',
  chip: 'SX1308 behind an STM32F401',
  usb: [
    {
      vid: '0483',
      pid: '5740',
      product: 'SEMTECH PicoGW Virtual ComPort',
      manufacturer: 'STMicroelectronics',
      state: 'application',
      specific: false,
    },
  ],
  bootloaders: ['stm32-usb-dfu'],
  neverProbe: 'maybe-concentrator',
  notes: 'Speaks a binary protocol to a packet forwarder. Its USB serial number is the same on every board.',
  source: 'Lora-net/picoGW_mcu usbd_desc.cpp; Lora-net/picoGW_hal',
});
