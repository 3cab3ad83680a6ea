"""Public money (财政信息化平台): budget, quotas, payments, and the books of two bases that follow by themselves."""
