/** Gathers conditions and numbers their values. */
export class Where {
  readonly values: unknown[] = []
  private readonly conditions: string[] = []

  /** Adds a value; answers its placeholder. */
  value(value: unknown): string {
    return `$${this.values.push(value)}`
  }

  and(condition: string): this {
    this.conditions.push(condition)
    return this
  }

  toString(): string {
    return this.conditions.map(c => `(${c})`).join(' AND ')
  }
}
