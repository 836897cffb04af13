/** From a request to a published model: {@link org.dartscc.exporter.model.ModelExport} is the door. */
package org.dartscc.exporter.model;
