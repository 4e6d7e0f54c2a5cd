import { defineBoard } from '../../src/console/board.js';

export default defineBoard({
  id: 'seeed-grove-wio-e5',
  maker: 'Seeed Studio',
  name: 'Grove Wio-E5',
  chip: 'STM32WLE5',
  flashKb: 256,
  usb: [],
  console: 'seeed-wio-e5',
  bootloaders: ['stm32-an3155'],
  notes: 'Has no USB of its own: it comes on any adapter.',
  source: 'Seeed wiki, LoRa-E5 Development Kit; stm32loader @b736df5 devices.py (AN2606)',
});
