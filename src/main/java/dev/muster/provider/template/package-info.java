/** Files that are rendered from templates: whatever program reads them is told what serves. */
@NullMarked
package dev.muster.provider.template;

import org.jspecify.annotations.NullMarked;
