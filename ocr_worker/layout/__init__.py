"""Where the parts of a Vietnamese paper stand (Decree 30/2020 App. I)."""
