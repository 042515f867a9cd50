/** The mapper against the truth, site by site and definition by definition. */

import { groupBy } from '../../server/src/mapping/groupBy';
import type { Mapped } from './mapped';
import { samePath } from './samePath';
import type { Site, Truth } from './truthFile';

const PLAIN = 'self.x =';

export interface Share {
  readonly hit: number;
  readonly of: number;
}

export interface Miss {
  readonly site: Site;
  /** What the mapper says instead. */
  readonly instead: string;
}

export interface Wrong {
  readonly definition: Mapped;
  readonly reason: string;
}

export interface Score {
  readonly corpus: string;
  readonly models: Share;
  readonly recall: Share;
  readonly hardRecall: Share;
  /** The same where only the line that runs the registration counts. */
  readonly recallAtLine: Share;
  readonly hardRecallAtLine: Share;
  readonly certain: Share;
  readonly hardCertain: Share;
  readonly all: Share;
  readonly misses: readonly Miss[];
  readonly wrong: readonly Wrong[];
}

export const isHard = (site: Site): boolean => site.form !== PLAIN;

export function score(truth: Truth, mapped: readonly Mapped[]): Score {
  const definitions = groupBy(mapped, (one) => one.file);
  // Statements of torch's own name what the user did not write; what was moved has its first place as another site.
  const counted = truth.sites.filter((site) => !site.insideTorch && !site.moved);
  const hard = counted.filter(isHard);
  const found = new Set(counted.filter((site) => candidates(site, definitions).some((one) => names(one, site))));
  const atLine = new Set(
    counted.filter((site) =>
      (definitions.get(site.file) ?? []).some((one) => names(one, site) && holds(one, site.file, site.line)),
    ),
  );

  const built = new Set(truth.classes.map((one) => `${one.file} ${one.name}`));
  const sitesByFile = groupByFiles(truth.sites);
  const judged = mapped.filter((one) => built.has(`${one.classFile} ${one.className}`));
  const wrong = judged.filter((one) => !(sitesByFile.get(one.file) ?? []).some((site) => names(one, site)));
  const isWrong = new Set(wrong);
  const right = (of: readonly Mapped[]): Share => ({
    hit: of.filter((one) => !isWrong.has(one)).length,
    of: of.length,
  });
  const certain = judged.filter((one) => one.certain);
  return {
    corpus: truth.corpus,
    models: { hit: truth.models.filter((one) => one.ok).length, of: truth.models.length },
    recall: share(counted, found),
    hardRecall: share(hard, found),
    recallAtLine: share(counted, atLine),
    hardRecallAtLine: share(hard, atLine),
    certain: right(certain),
    hardCertain: right(certain.filter((one) => one.pattern.includes('.') || one.pattern.includes('*'))),
    all: right(judged),
    misses: counted
      .filter((site) => !found.has(site))
      .map((site) => ({ site, instead: instead(site, candidates(site, definitions)) })),
    wrong: wrong
      .filter((one) => one.certain)
      .map((definition) => ({ definition, reason: reason(definition, sitesByFile.get(definition.file) ?? []) })),
  };
}

const share = (sites: readonly Site[], found: ReadonlySet<Site>): Share => ({
  hit: sites.filter((site) => found.has(site)).length,
  of: sites.length,
});

const placesOf = (site: Site): [string, number][] => [
  [site.file, site.line],
  ...[...site.built, ...site.items].map(([file, line]): [string, number] => [file, line]),
];

function candidates(site: Site, definitions: ReadonlyMap<string, readonly Mapped[]>): Mapped[] {
  const files = new Set(placesOf(site).map(([file]) => file));
  return [...files].flatMap((file) => definitions.get(file) ?? []);
}

/** True where the definition names the site's path, for an owner that counts, on a line that counts. */
function names(one: Mapped, site: Site): boolean {
  return owns(one, site) && samePath(one.pattern, site.path) && isHeld(one, site);
}

function owns(one: Mapped, site: Site): boolean {
  return [site.owner, ...site.writers].some(([, name]) => one.className === name || one.className.endsWith(`.${name}`));
}

const holds = (one: Mapped, file: string, line: number): boolean =>
  one.file === file && one.line <= line && line <= one.endLine;

function groupByFiles(sites: readonly Site[]): Map<string, Site[]> {
  const groups = new Map<string, Site[]>();
  for (const site of sites) {
    for (const file of new Set(placesOf(site).map(([one]) => one))) {
      const group = groups.get(file) ?? [];
      group.push(site);
      groups.set(file, group);
    }
  }
  return groups;
}

function instead(site: Site, near: readonly Mapped[]): string {
  const here = near.filter((one) => isHeld(one, site));
  const owned = here.filter((one) => owns(one, site));
  if (owned.length > 0) {
    return `other path here: ${shown(owned.map((one) => one.pattern))}`;
  }
  if (here.length > 0) {
    return `other owner here: ${shown(here.map((one) => `${one.className}.${one.pattern}`))}`;
  }
  const elsewhere = near.filter((one) => owns(one, site) && samePath(one.pattern, site.path));
  if (elsewhere.length > 0) {
    return `on other lines: ${shown(elsewhere.map((one) => String(one.line)))}`;
  }
  return near.some((one) => owns(one, site)) ? 'nothing here' : 'nothing of this owner';
}

const isHeld = (one: Mapped, site: Site): boolean => placesOf(site).some(([file, line]) => holds(one, file, line));

/** True where the path is the end of the pattern: the owner that counts stands below the one that the mapper names. */
function endsWith(pattern: string, path: string): boolean {
  const depth = path.split('.').length;
  const segments = pattern.split('.');
  return segments.length > depth && samePath(segments.slice(-depth).join('.'), path);
}

/** Why a definition is wrong, with the sites in its file to look at. */
function reason(one: Mapped, near: readonly Site[]): string {
  const owned = near.filter((site) => owns(one, site));
  const same = owned.filter((site) => samePath(one.pattern, site.path));
  if (same.length > 0) {
    return `registered elsewhere: ${shown(same.map((site) => `${site.file}:${site.line}`))}`;
  }
  const inner = near.filter((site) => isHeld(one, site) && endsWith(one.pattern, site.path));
  if (inner.length > 0) {
    return `path of an inner class: ${shown(inner.map((site) => `${site.owner[1]}.${site.path}`))}`;
  }
  const here = owned.filter((site) => isHeld(one, site));
  return here.length > 0 ? `registers other paths: ${shown(here.map((site) => site.path))}` : 'registers nothing';
}

const MOST_SHOWN = 6;

function shown(texts: readonly string[]): string {
  const distinct = [...new Set(texts)];
  return distinct.slice(0, MOST_SHOWN).join(', ') + (distinct.length > MOST_SHOWN ? ', ...' : '');
}
