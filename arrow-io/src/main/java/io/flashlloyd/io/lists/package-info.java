/**
 * Lists of rows, one for each cluster, in the layouts of vector stores. In: rows in the order of
 * their clusters. Out: files. For this module's own use.
 */
package io.flashlloyd.io.lists;
