/** Something a person can mend: its message is one clear sentence for them, naming the thing and the remedy (rule 8). */
export class UserError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'UserError'
  }
}
