"""The life of one lead for its page: drawn in two lanes, and told as a list."""
