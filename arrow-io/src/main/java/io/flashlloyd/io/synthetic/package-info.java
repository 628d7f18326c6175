/**
 * Rows that are computed, not read. In: a {@code synthetic:} URI. Out: coordinates. For this
 * module's own use.
 */
package io.flashlloyd.io.synthetic;
