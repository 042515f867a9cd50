/** What a user sees and does in the editor's window. */

import { until } from './limits.mjs';

const START_LIMIT_MS = 60_000;
const LIMIT_MS = 30_000;

export class EditorWindow {
  /**
   * @param {import('playwright-core').Browser} browser
   * @param {string} address
   * @param {{ width: number, height: number }} size in pixels
   */
  static async open(browser, address, size) {
    const page = await browser.newPage({ viewport: size });
    page.setDefaultTimeout(LIMIT_MS);
    await page.goto(address, { waitUntil: 'domcontentloaded' });
    await page.locator('.monaco-editor .view-line').first().waitFor({ timeout: START_LIMIT_MS });
    return new EditorWindow(page);
  }

  /** @param {import('playwright-core').Page} page */
  constructor(page) {
    this.page = page;
  }

  /**
   * The first lens action whose text holds this.
   * @param {string | RegExp} text
   */
  lens(text) {
    return this.page.locator('.codelens-decoration a', { hasText: text }).first();
  }

  /**
   * The row of lens actions above a line that reads so; lenses stand in the order of their lines.
   * @param {string | RegExp} text
   */
  lensRow(text) {
    return this.page.locator('.codelens-decoration', { hasText: text }).first();
  }

  /**
   * Waits for the lens action and clicks it, in the row that reads `row` where given.
   * @param {string | RegExp} action
   * @param {string | RegExp} [row]
   */
  async clickLens(action, row) {
    const place = row === undefined ? this.lens(action) : this.lensRow(row).locator('a', { hasText: action }).first();
    await place.waitFor({ timeout: START_LIMIT_MS });
    await place.click();
  }

  /**
   * The visible lines from top to bottom, with the inlay hints as they stand in them.
   * @returns {Promise<string[]>}
   */
  async lines() {
    const lines = await this.page.locator('.editor-instance .view-lines .view-line').evaluateAll((elements) =>
      elements
        .map((element) => ({ top: element.getBoundingClientRect().top, text: element.textContent ?? '' }))
        .sort((a, b) => a.top - b.top)
        .map(({ text }) => text),
    );
    return lines.map(plainSpaces);
  }

  /**
   * Waits until a visible line holds all the fragments; gives that line.
   * @param {...string} fragments
   * @returns {Promise<string>}
   */
  async line(...fragments) {
    const find = async () =>
      (await this.lines()).find((line) => fragments.every((fragment) => line.includes(fragment)));
    try {
      return await until(`a line with ${fragments.join(' and ')}`, find, LIMIT_MS);
    } catch (error) {
      const seen = (await this.lines()).join('\n');
      throw new Error(`${error instanceof Error ? error.message : error} The editor shows:\n${seen}`);
    }
  }

  /**
   * Rests the pointer on the word in the line that holds `fragment`; gives the hover's text once it holds `expected`.
   * @param {{ fragment: string, word: string, expected: string }} place
   * @returns {Promise<string>}
   */
  async hover({ fragment, word, expected }) {
    const hover = this.page.locator('.monaco-hover:visible', { hasText: expected });
    const target = this.page
      .locator('.view-line', { hasText: fragment })
      .first()
      .getByText(word, { exact: false })
      .last();
    await target.hover();
    await hover.first().waitFor();
    return plainSpaces((await hover.first().innerText()).trim());
  }

  /** Opens the side bar of the extension. */
  async openLayers() {
    await this.page.locator('.activitybar .action-item a[aria-label^="Layer Peek"]').click();
    await this.page.locator('.pane-body .monaco-list-row').first().waitFor();
  }

  /**
   * Waits for a row of the Layers view with all the fragments; gives its text.
   * @param {...string} fragments
   */
  async layerRow(...fragments) {
    const rows = this.page.locator('.pane-body .monaco-list-row');
    const find = async () =>
      (await rows.allInnerTexts())
        .map(plainSpaces)
        .find((text) => fragments.every((fragment) => text.includes(fragment)));
    return until(`a row of the Layers view with ${fragments.join(' and ')}`, find, LIMIT_MS);
  }

  /**
   * Waits for a notification that reads so.
   * @param {string | RegExp} text
   */
  async notification(text) {
    const message = this.page.locator('.notification-list-item-message', { hasText: text }).first();
    await message.waitFor();
    return plainSpaces(await message.innerText());
  }

  /**
   * Puts the cursor at the end of the line that holds `fragment` and types.
   * @param {string} fragment
   * @param {string} text
   */
  async typeAfter(fragment, text) {
    await this.page.locator('.view-line', { hasText: fragment }).first().click();
    await this.page.keyboard.press('End');
    await this.page.keyboard.type(text);
  }

  /**
   * Runs a command by its title in the command palette.
   * @param {string} title
   */
  async command(title) {
    await this.page.keyboard.press('F1');
    const input = this.page.locator('.quick-input-widget:visible input.input');
    await input.fill(`>${title}`);
    await this.page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().click();
  }

  /** @param {{ width: number, height: number }} size in pixels */
  resize(size) {
    return this.page.setViewportSize(size);
  }

  /** Shows the side bar where it is hidden, and hides it where it is shown. */
  toggleSideBar() {
    return this.page.keyboard.press('Control+b');
  }

  /** Takes away the messages in the corner. */
  clearNotifications() {
    return this.command('Notifications: Clear All Notifications');
  }

  /**
   * Scrolls until the line stands at the top of the editor.
   * @param {number} number 1-based
   */
  async scrollToTop(number) {
    // The keys move by one line, the wheel by what the editor makes of it. The first key gives the editor the focus.
    await this.page.keyboard.press('Control+1');
    const isTop = async () => {
      const first = await this.firstLineNumber();
      if (first !== number) await this.page.keyboard.press(first < number ? 'Control+ArrowDown' : 'Control+ArrowUp');
      return first === number;
    };
    await until(`line ${number} to stand at the top`, isTop, LIMIT_MS);
  }

  /** Number of the first line that is fully in view. */
  async firstLineNumber() {
    const editor = await this.page.locator('.editor-instance .monaco-editor').first().boundingBox();
    const numbers = await this.page
      .locator('.editor-instance .line-numbers')
      .evaluateAll((elements) =>
        elements.map((element) => ({ top: element.getBoundingClientRect().top, number: Number(element.textContent) })),
      );
    const top = editor?.y ?? 0;
    return Math.min(...numbers.filter((one) => one.top >= top - 1).map((one) => one.number));
  }

  /** @param {string} file PNG */
  async screenshot(file) {
    await this.page.screenshot({ path: file, animations: 'disabled', caret: 'hide' });
  }

  close() {
    return this.page.close();
  }
}

/**
 * The editor draws spaces as no-break spaces, and ends hidden text with marks of no width.
 * @param {string} text
 */
const plainSpaces = (text) => text.replaceAll('\u00a0', ' ').replace(/[\u200b-\u200f\u2060\ufeff]/g, '');
