"""MNIST, the steps that prepare it, and the tf.data pipeline."""
