import { defineBoard } from '../../src/console/board.js';

export default defineBoard({
  id: 'seeed-wio-e5-dev-kit',
  maker: 'Seeed Studio',
  name: 'Wio-E5 Development Kit',
  chip: 'STM32WLE5',
  flashKb: 256,
  usb: [{ bridge: 'silabs-cp2102' }],
  console: 'seeed-wio-e5',
  bootloaders: ['stm32-an3155'],
  source: 'Seeed wiki, LoRa-E5 Development Kit; stm32loader @b736df5 devices.py (AN2606)',
});
