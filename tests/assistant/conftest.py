"""The tests run as the product does: without TensorFlow."""

from assistant.without_tensorflow import leave_out_tensorflow

leave_out_tensorflow()
