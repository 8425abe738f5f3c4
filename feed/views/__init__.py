"""The API's views, by what they list."""
