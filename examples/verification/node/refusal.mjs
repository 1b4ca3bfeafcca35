// The token is refused; `verdict` is the stable name of the reason (docs/integrators.md).
export class Refusal extends Error {
  constructor(verdict) {
    super(verdict);
    this.verdict = verdict;
  }
}
