/**
 * What was asked of imports and what they led to, kept for each file that asked: a result that is kept holds as long as the same questions
 * have the same answers, whatever other files were made or deleted. Pure.
 */

import type { ModuleResolver } from './moduleResolver';

type Questions = Pick<ModuleResolver, 'moduleName' | 'resolve' | 'absolute'>;

/** Answers by question; null for an import that leads to nothing. */
export type Answers = Readonly<Record<string, string | null>>;

/** The question for a file's own dotted name. An import is asked for by its dotted name, a relative one with its dots. */
const OWN_NAME = '=';

export class ImportAnswers implements Questions {
  private readonly byFile = new Map<string, Map<string, string | null>>();
  private readonly sorted = new Map<string, Answers>();
  /** Whether kept answers hold, by the key of who keeps them; forgotten together with what was asked. */
  readonly held = new Map<string, boolean>();

  constructor(private readonly resolver: ModuleResolver) {}

  moduleName(file: string): string {
    const name = this.resolver.moduleName(file);
    this.note(file, OWN_NAME, name);
    return name;
  }

  resolve(module: string, from: string): string | null {
    return this.note(from, module, this.resolver.resolve(module, from));
  }

  absolute(level: number, module: string, from: string): string | null {
    const answer = this.resolver.absolute(level, module, from);
    return level <= 0 ? answer : this.note(from, `${'.'.repeat(level)}${module}`, answer);
  }

  /** All that a file has asked since the answers were forgotten, in a fixed order; the same object until it asks more. */
  of(file: string): Answers {
    let all = this.sorted.get(file);
    if (all === undefined) {
      all = Object.fromEntries([...(this.byFile.get(file) ?? [])].sort(([a], [b]) => (a < b ? -1 : 1)));
      this.sorted.set(file, all);
    }
    return all;
  }

  /** True where the file would get the same answers now. What holds counts as asked, since what was kept of it is used. */
  hold(file: string, answers: Answers): boolean {
    return Object.entries(answers).every(([question, answer]) => this.ask(file, question) === answer);
  }

  /** Forgets what was asked: the answers may be others now. */
  clear(): void {
    this.byFile.clear();
    this.sorted.clear();
    this.held.clear();
    this.resolver.clear();
  }

  private ask(file: string, question: string): string | null {
    if (question === OWN_NAME) {
      return this.moduleName(file);
    }
    const level = /^\.*/.exec(question)?.[0].length ?? 0;
    return level > 0 ? this.absolute(level, question.slice(level), file) : this.resolve(question, file);
  }

  private note<T extends string | null>(file: string, question: string, answer: T): T {
    let answers = this.byFile.get(file);
    if (answers === undefined) {
      answers = new Map();
      this.byFile.set(file, answers);
    }
    if (answers.get(question) !== answer) {
      answers.set(question, answer);
      this.sorted.delete(file);
    }
    return answer;
  }
}
