/**
 * Exact k-means on Spark. In: files or DataFrames. Out: models, assignments, reports. The way of
 * the data is in the sub-packages: {@code data} (chunks in executors), {@code init}, {@code lloyd}
 * (the loop), {@code task} (what executors run), {@code run} (folders of results), {@code report},
 * {@code cli}.
 */
package io.flashlloyd.spark;
