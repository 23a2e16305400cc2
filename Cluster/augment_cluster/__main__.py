"""`python -m augment_cluster`."""

import sys

from augment_cluster.options import parse
from augment_cluster.run import main

# LocalCluster starts workers that import this file again, under another name.
if __name__ == "__main__":
    sys.exit(main(parse(sys.argv[1:])))
