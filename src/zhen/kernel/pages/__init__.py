"""The types of pages that can be declared: plain values, no templates. `web` draws them."""
