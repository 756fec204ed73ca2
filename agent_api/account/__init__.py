"""An account as a whole: taken along, or deleted with all that belongs to it. It reaches into many rooms."""
