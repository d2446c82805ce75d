import assert from 'node:assert/strict';
import { Server, transports, Visitor } from '../../page/test/support.mjs';

export const startChat = () => Server.start('io.hubwire.samples.chat.Chat');

/** Somebody who chats, at a browser of their own. */
export class Person extends Visitor {
  async enters(server, room, transport) {
    await this.page.goto(server.address);
    await this.types('name', this.name);
    await this.at('first-room').clear();
    await this.types('first-room', room);
    await this.at('first-transport').selectOption(transport);
    await this.at('enter').click();
    await this.isConnected(transport);
    await this.seesHere(this.name);
  }

  async types(id, text) {
    await this.at(id).pressSequentially(text, { delay: 5 });
  }

  async says(text) {
    await this.types('text', text);
    await this.at('text').press('Enter');
  }

  async sees(text) {
    await this.at('messages').locator('.text').getByText(text, { exact: true }).waitFor();
  }

  async doesNotSee(text) {
    assert.equal(await this.at('messages').getByText(text).count(), 0, `${this.name} sees "${text}"`);
  }

  async seesNote(text) {
    await this.at('messages').locator('.note').getByText(text, { exact: true }).last().waitFor();
  }

  async seesHere(...names) {
    for (const name of names) await this.inList('people', name).waitFor({ state: 'attached' });
  }

  async isConnected(transport) {
    const state = this.at('state').and(this.page.locator('[data-state=connected]'));
    const words = transport === 'Auto' ? 'Connected' : `Connected over ${transports[transport]}`;
    await state.filter({ hasText: words }).waitFor();
  }

  inList(list, name) {
    return this.at(list).locator(`li[data-name="${name}"]`);
  }

  async chooses(list, name) {
    await this.inList(list, name).getByRole('button').click();
  }

  async shows(title) {
    await this.at('title').getByText(title, { exact: true }).waitFor();
  }
}
