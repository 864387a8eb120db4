"""What the assistant understands, beside three engines that a maintainer could have taken instead, on the same data."""
