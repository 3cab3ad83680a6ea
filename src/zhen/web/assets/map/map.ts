export function bind(): void {}
