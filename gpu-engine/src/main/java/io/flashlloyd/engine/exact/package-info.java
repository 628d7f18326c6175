/**
 * The arithmetic of the exactness contract (docs/contract.md), which every engine shares. In: rows,
 * centroids. Out: canonical distances, fixed-point scales and sums that are the same bits in any
 * order.
 *
 * @since 0.1.0
 */
package io.flashlloyd.engine.exact;
