"""Arrays in, Plotly figure or Pillow image out; knows neither TensorFlow nor Streamlit."""
