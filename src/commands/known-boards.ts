import type { Catalogue } from '../catalogue.js';
import type { Known } from '../console/guess.js';

/** All boards and bridges that can be read; a wrong file of the user must not keep a port from being shown. */
export const knownOf = async (catalogue: Catalogue): Promise<Known> => {
  const [boards, bridges] = await Promise.all([catalogue.all('boards'), catalogue.all('bridges')]);
  return {
    boards: boards.flatMap(({ entry }) => (entry.ok ? [entry.value] : [])),
    bridges: bridges.flatMap(({ entry }) => (entry.ok ? [entry.value] : [])),
  };
};
