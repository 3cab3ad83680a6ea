"""The statements of 《政府会计制度》: their rows, figures, reconciliation and printed forms."""
