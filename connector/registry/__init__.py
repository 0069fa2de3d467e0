"""The register in PostgreSQL: claims, stages, codes, feed, deliveries, audit."""
