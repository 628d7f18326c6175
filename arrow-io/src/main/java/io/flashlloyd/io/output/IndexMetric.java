package io.flashlloyd.io.output;

/** What nearness means in an index file. */
public enum IndexMetric {
  /** Squared Euclidean distance, the smaller the nearer. */
  L2,
  /** Inner product, the larger the nearer; of rows of length 1 it is the cosine. */
  INNER_PRODUCT
}
