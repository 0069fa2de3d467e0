"""Running queued stages with Procrastinate."""
