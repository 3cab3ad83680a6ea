"""The pages of parties, as declarations and the functions behind them."""
