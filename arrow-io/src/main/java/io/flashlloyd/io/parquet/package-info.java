/**
 * Parquet, decoded page by page without a record per row. In: row groups. Out: coordinates and
 * ids. For this module's own use.
 */
package io.flashlloyd.io.parquet;
