# One dashboard, scheduler or worker, for compose.yaml; needs the network once, to be built.
FROM python:3.12-slim
WORKDIR /lab
COPY requirements.txt requirements-postgres.txt requirements-cluster.txt ./
RUN pip install --no-cache-dir -r requirements.txt -r requirements-postgres.txt -r requirements-cluster.txt
COPY . .
# runs are shared with the other dashboards and the workers, so they belong to one account in all of them
RUN useradd --create-home --uid 10001 lab && mkdir -p /runs && chown lab /runs
USER lab
ENV LAYER_LAB_CLASS=1 LAYER_LAB_RUNS=/runs STREAMLIT_SERVER_HEADLESS=true STREAMLIT_SERVER_ADDRESS=0.0.0.0
EXPOSE 8501
CMD ["streamlit", "run", "dashboard.py"]
