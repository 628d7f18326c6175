/**
 * Rows that are computed, not read. In: a {@code synthetic:} URI. Out: coordinates. For this
 * module's own use.
 *
 * @since 0.1.0
 */
package io.flashlloyd.io.synthetic;
