/**
 * Parquet, decoded page by page without a record per row. In: row groups. Out: coordinates and
 * ids. For this module's own use.
 *
 * @since 0.1.0
 */
package io.flashlloyd.io.parquet;
