"""What one layer's page shows beyond the common sections: one file a layer."""
