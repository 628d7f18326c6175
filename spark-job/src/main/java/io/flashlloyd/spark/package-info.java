/**
 * Spark ML's door: estimators and models. In: DataFrames. Out: models. The floors beneath, from the
 * top, are {@code many}, {@code checkpoint}, {@code fit}, {@code data}, {@code store}, {@code
 * executor} and {@code report}; above are {@code run} and {@code plan}, {@code export}, {@code
 * nightly} and {@code cli}. None imports from a floor above it.
 *
 * @since 0.1.0
 */
package io.flashlloyd.spark;
