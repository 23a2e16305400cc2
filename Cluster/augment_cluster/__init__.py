"""Runs the shards of augment-cli on a Dask cluster, and starts again elsewhere what a machine did not finish."""
