// The portal's page by the names that people would give its parts.
import { person } from './stack.mjs';

export class PortalPage {
  constructor(page, origin) {
    this.page = page;
    this.origin = origin;
    this.signedIn = page.locator('#signed-in');
    this.holder = page.locator('#holder-name');
    this.loginError = page.locator('#login-error');
    this.nhiError = page.locator('#nhi-error');
    this.nhiLoginError = page.locator('#nhi-login-error');
    this.accountError = page.locator('#nhi-account-error');
    this.accountOpened = page.locator('#nhi-account-opened');
    this.accepted = page.locator('#nhi-accepted');
  }

  async open() {
    await this.page.goto(this.origin);
    await this.page.locator('#signed-out').waitFor();
  }

  async startLogin(idNumber = person.idNumber) {
    await this.page.fill('#id-number', idNumber);
    await this.page.click('#login-button');
  }

  async login() {
    await this.startLogin();
    await this.signedIn.waitFor();
  }

  async logout() {
    await this.page.click('#logout');
    await this.page.locator('#signed-out').waitFor();
  }

  // Of somebody who is signed in.
  async openNhiAccount(password) {
    await this.page.fill('#nhi-account-password', password);
    await this.page.click('#nhi-account-button');
    await this.accountOpened.waitFor();
  }

  async startNhiLogin(password) {
    await this.page.fill('#nhi-login-password', password);
    await this.page.click('#nhi-login-button');
  }

  async readNhiCard() {
    await this.page.click('#nhi-read');
    await this.page.locator('#nhi-submit:focus').waitFor();
  }

  async submit() {
    await this.page.click('#nhi-submit');
    await this.accepted.waitFor();
  }

  async formValues() {
    const names = ['cardNumber', 'name', 'idNumber', 'birthDate', 'sex', 'issueDate'];
    const values = await Promise.all(names.map((name) => this.page.locator(`#nhi [name=${name}]`).inputValue()));
    return Object.fromEntries(names.map((name, index) => [name, values[index]]));
  }

  // The error that a box shows: its stable code, and the sentence for the person.
  async error(box) {
    await box.waitFor();
    return { code: await box.getAttribute('data-code'), text: await box.textContent() };
  }
}
